# SPDX-License-Identifier: Apache-2.0
"""What a password must be: Django's rules, told in our words."""

from typing import Any

from django.contrib.auth import password_validation as rules

from gradus.web.ui.templates import t


class LongEnough(rules.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return t("password.short", least=self.min_length)

    def get_help_text(self) -> str:
        return t("password.long_enough", least=self.min_length)


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return t("password.common")

    def get_help_text(self) -> str:
        return t("password.not_common")


class NotDigitsOnly(rules.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return t("password.digits")

    def get_help_text(self) -> str:
        return t("password.not_digits")


class NotLikeThePerson(rules.UserAttributeSimilarityValidator):
    def __init__(self, **options: Any) -> None:
        super().__init__(user_attributes=("name", "email"), **options)

    def get_error_message(self) -> str:
        return t("password.like_you")

    def get_help_text(self) -> str:
        return t("password.not_like_you")
