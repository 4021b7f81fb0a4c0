-- The schema itself stays: it holds the migrations' own journal.
DROP TABLE "substation"."operation_item";
--> statement-breakpoint
DROP TABLE "substation"."operation_run";
--> statement-breakpoint
DROP TABLE "substation"."audit_event";
--> statement-breakpoint
DROP FUNCTION "substation"."refuse_change"();
--> statement-breakpoint
DROP TABLE "substation"."fleet_event";
--> statement-breakpoint
DROP TABLE "substation"."rate_limit";
--> statement-breakpoint
DROP TABLE "substation"."verification";
--> statement-breakpoint
DROP TABLE "substation"."account";
--> statement-breakpoint
DROP TABLE "substation"."session";
--> statement-breakpoint
DROP TABLE "substation"."user";
