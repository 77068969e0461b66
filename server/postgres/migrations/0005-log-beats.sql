-- How often the log was opened or a node beat. It lies in the database and so travels with every copy
-- of it: a mark that counted further than this names a log that had more than is here.
alter table log_meta rename column opened to beats;
