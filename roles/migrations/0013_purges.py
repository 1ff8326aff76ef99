from django.db import migrations

from koumbit.purge_sql import erased, let_purge, purgeable


class Migration(migrations.Migration):
    dependencies = [("roles", "0012_hours_to_classify"), ("members", "0018_purges")]

    operations = [
        purgeable(
            "roles_candidacy",
            of="SELECT person_id, NULL FROM roles_candidacy WHERE id = $1",
            term="file",
            sets={"words": erased("words")},
        ),
        *(
            purgeable(table, of=f"SELECT person_id, NULL FROM {table} WHERE id = $1", term="file")
            for table in ("roles_skill", "roles_learningwish", "roles_rating", "roles_refusal")
        ),
        let_purge("roles_confirmed_skill_stays", "roles_skill"),
        let_purge("roles_rating_is_given_once", "roles_rating"),
    ]
