from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.sql import guard

IS_KNOWN = gettext_noop("The system knows this by itself: nobody ticks it.")
ITEM_STAYS = gettext_noop("What a list says stays as it is: write another line.")


class Migration(migrations.Migration):
    dependencies = [("members", "0013_lists_of_steps")]

    operations = [
        guard(
            "members_stepitem",
            "members_known_is_not_ticked",
            f"""
            IF NEW.done_by_id IS NOT NULL AND EXISTS (
                SELECT 1 FROM members_listitem i WHERE i.id = NEW.item_id AND i.known <> ''
            ) THEN
                RAISE EXCEPTION '{IS_KNOWN}'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'members_known_is_not_ticked';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE",
        ),
        guard(
            "members_listitem",
            "members_list_item_stays",
            f"""
            IF (NEW.step, NEW.text_fr, NEW.text_en, NEW.known) IS DISTINCT FROM
                (OLD.step, OLD.text_fr, OLD.text_en, OLD.known) THEN
                RAISE EXCEPTION '{ITEM_STAYS}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_list_item_stays';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE UPDATE",
        ),
    ]
