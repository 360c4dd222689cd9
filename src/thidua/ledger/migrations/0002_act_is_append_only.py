"""Acts and seals cannot be changed or removed, not even by our own code."""

from django.db import migrations

GUARD = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only (%)', TG_TABLE_NAME;
END $$;
CREATE TRIGGER ledger_act_guard BEFORE UPDATE OR DELETE ON ledger_act
    FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_seal_guard BEFORE UPDATE OR DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
"""
UNGUARD = """
DROP TRIGGER ledger_act_guard ON ledger_act;
DROP TRIGGER ledger_seal_guard ON ledger_seal;
DROP FUNCTION ledger_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
