"""No test fails because the machine is busy: waiting ends late, and no example is timed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, TimeoutError

from book import browser as patient


def test_no_example_is_timed() -> None:
    assert settings.default.deadline is None
    assert HealthCheck.too_slow in settings.default.suppress_health_check


@pytest.mark.parametrize("in_a_context", [False, True])
def test_every_page_waits_as_long_as_is_said_in_one_place(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, in_a_context: bool
) -> None:
    assert patient.PATIENCE >= 60_000
    monkeypatch.setattr(patient, "PATIENCE", 11)
    page = (browser.new_context() if in_a_context else browser).new_page()
    with pytest.raises(TimeoutError, match="Timeout 11ms exceeded"):
        page.wait_for_selector("#never")
    page.context.close()
