# SPDX-License-Identifier: Apache-2.0
"""The public register."""

from django.urls import path

from gradus.web.public import register, register_entry

urlpatterns = [
    path("", register.search, name="register"),
    path("register.csv", register.export, name="register_csv"),
    path("<str:certificate_no>/", register_entry.entry, name="register_entry"),
    path("<str:certificate_no>/badge.svg", register_entry.badge, name="register_badge"),
    path("<str:certificate_no>/standing.pdf", register_entry.standing_paper, name="register_standing"),
]
