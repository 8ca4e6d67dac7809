"""The table of what was tried names claims that are still tried."""

from __future__ import annotations

from parts.figures import claims_of
from parts.house import ROOT


def test_each_claim_of_the_table_has_its_test() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")
    )
    claims = claims_of(ROOT / "docs" / "proof.md")

    assert claims
    assert [each for each in claims if f"def test_{each.replace(' ', '_')}(" not in sources] == []
