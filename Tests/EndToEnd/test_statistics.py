"""A running server has tables analyzed that have grown."""

import time

PATIENCE_SECONDS = 20


def test_a_table_that_has_grown_is_analyzed_by_the_server(house):
    database = house.migrated_database()

    def sql(statement):
        return house.postgres.sql(statement, database["DATABASE_URL"])

    # Nobody else would.
    sql("ALTER TABLE users SET (autovacuum_enabled = off)")
    house.start(database)
    sql("""INSERT INTO users (id, email, password_hash, name)
        SELECT gen_random_uuid(), 'user-' || n || '@example.com', 'x', 'User' FROM generate_series(1, 5000) n;
        SELECT pg_stat_force_next_flush()""")
    end = time.monotonic() + PATIENCE_SECONDS
    while (rows := sql("SELECT reltuples FROM pg_class WHERE oid = 'users'::regclass")) != "5000":
        assert time.monotonic() < end, f"{rows} rows are known of 5,000"
        time.sleep(0.05)
