"""One process of a busy installation: plans, delivers or reads over and over, until somebody kills it."""

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from cycle.actions.deadlines.upkeep.listing import outbox_listing
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import open_office
from cycle.actions.post.delivery.delivering import deliver_mails, open_transport
from cycle.actions.service.watch.condition import condition
from cycle.mail.deliver import Pace
from cycle.settings import load_settings


def main() -> None:
    order = json.loads(sys.argv[1])
    mail = {"TRANSPORT": "smtp", "HOST": "127.0.0.1", "PORT": str(order["port"]), "SECURITY": "none"}
    environ = {f"CYCLE__MAIL__{name}": value for name, value in mail.items()}
    settings = load_settings(Path(order["folder"]) / "config.toml", environ | {"CYCLE__DATABASE__URL": order["url"]})
    office, begun, start = open_office(settings), datetime.fromisoformat(order["now"]), time.monotonic()
    transport, pace = open_transport(settings), Pace(0, time.monotonic, time.sleep)

    def now() -> datetime:
        return begun + timedelta(seconds=time.monotonic() - start)

    while True:
        if order["role"] == "plan":
            plan_mails(office, now())
        elif order["role"] == "send":
            deliver_mails(office, transport, pace, now, seconds=5)
        else:
            condition(office, now())
            with office.database.reading() as session:
                outbox_listing(session, limit=50)
        time.sleep(0.25)


if __name__ == "__main__":
    main()
