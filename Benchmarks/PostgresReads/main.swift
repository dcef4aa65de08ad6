import Postgres

print("reads a second: to be measured")
