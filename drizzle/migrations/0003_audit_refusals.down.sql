DROP INDEX "substation"."audit_event_refused";
