"""An item of an office that was withdrawn a moment ago."""

from __future__ import annotations

from hosting.publishing.tree import PublicFolder
from hosting.runtime.worker import Work, drain
from parts.workplace import Office, bench_of
from tenants.content.queries import item
from tenants.receipts.jobs import check_withdrawal
from tenants.review.operations.withdraw import withdraw


class Gone:
    """An item of the county that was withdrawn, and its page."""

    def __init__(self, office: Office, title: str = "时间有误的公告") -> None:
        self.office = office
        with bench_of(office) as bench:
            self.item_id = bench.publish(bench.write(title)).item_id
        drain(office.runtime)
        with bench_of(office) as bench:
            self.path = item(bench.session, self.item_id).path
            withdraw(bench.session, self.item_id, reason="时间有误", by=bench.actor("issuer"))

    @property
    def page(self) -> str:
        return self.office.path(f"items/{self.item_id}/")

    @property
    def receipt(self) -> str:
        return f"{self.page}receipt"

    def publish(self) -> None:
        drain(self.office.runtime)

    def check(self) -> None:
        work = Work(self.office.runtime, self.office.place.tenant_id)
        check_withdrawal(work, item_id=self.item_id)

    def put_back(self) -> None:
        """As somebody would by hand."""
        place = self.office.place
        tree = PublicFolder(self.office.runtime.settings.home).site(place.site_id).current.resolve()
        (tree / self.path[1:]).parent.mkdir(parents=True, exist_ok=True)
        (tree / self.path[1:]).write_text(f"<html><a href='{self.path}'>x</a></html>")
