DROP TABLE "substation"."saved_query";
