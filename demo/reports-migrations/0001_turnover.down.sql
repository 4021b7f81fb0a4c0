drop table reports.turnover;
