# SPDX-License-Identifier: Apache-2.0
"""The real server stands, and everybody in the demonstration finds their first page."""

import pytest

from tests.journeys.desks import whole


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1440, 380])
def test_the_first_page_is_whole(visitor, axe, language, width):
    page = visitor(language, width)
    page.goto("/")
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-Hans")
    whole(page, axe)


def test_a_client_manager_comes_to_the_firm(sign_in, axe):
    page = sign_in("manager@tiangong.example")
    assert "/applicant/" in page.url
    axe(page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_staff_come_in_with_a_second_factor(sign_in, axe, language):
    page = sign_in("office@body.example", language)
    assert page.url.endswith("/office/work/")
    axe(page)
