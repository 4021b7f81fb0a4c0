DROP TABLE "substation"."deploy";
--> statement-breakpoint
DROP TABLE "substation"."sample_minute";
--> statement-breakpoint
DROP TABLE "substation"."sample";
--> statement-breakpoint
DROP TABLE "substation"."series";
