from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payroll", "0007_freelance_invoices")]

    operations = [
        migrations.AddConstraint(
            model_name="salestaxregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(("gst_number__regex", "^[0-9]{9} RT [0-9]{4}$")),
                name="payroll_gst_number_is_whole",
                violation_error_message="A GST number has nine digits, the letters RT and four digits, as in 123456789 RT 0001.",
            ),
        ),
        migrations.AddConstraint(
            model_name="salestaxregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(("qst_number__regex", "^[0-9]{10} TQ [0-9]{4}$")),
                name="payroll_qst_number_is_whole",
                violation_error_message="A QST number has ten digits, the letters TQ and four digits, as in 1234567890 TQ 0001.",
            ),
        ),
    ]
