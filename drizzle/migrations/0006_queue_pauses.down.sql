DROP TABLE "substation"."queue_pause";
