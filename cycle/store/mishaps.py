"""What can go wrong between us and the database, by what happened: nothing outside this room knows its errors."""

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

KeyTaken = IntegrityError
"""There is a row with this key already: it was done before, or somebody else was faster."""

DatabaseFault = SQLAlchemyError
"""Whatever the database refuses or cannot do."""

NO_ANSWER = (OperationalError, InterfaceError)
"""For `except`: the database did not answer, or not in time."""

DATABASE_AWAY = (*NO_ANSWER, PoolTimeout)
"""For `except`: the same, or no connection to it came free in time."""
