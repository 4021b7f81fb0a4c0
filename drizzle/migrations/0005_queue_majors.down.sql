DROP TABLE "substation"."queue_major";
