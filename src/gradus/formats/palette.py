# SPDX-License-Identifier: Apache-2.0
"""The colours of every drawing, page and report, in one place.

Blue-green and ochre stay apart for every common colour blindness, and no meaning rests on colour alone: a sign or a
word stands beside it. Each text colour has at least 4.5:1 on every ground it stands on. Vermilion is
the seal: it stands apart, only for what a certification body has officially done.
"""

ink = "#1a2226"
muted = "#566167"
hairline = "#d3dade"
line = "#a9b4ba"
surface = "#f4f6f7"
paper = "#ffffff"
accent = "#0f5c63"
accent_soft = "#8fbcc0"
accent_tint = "#e3eff0"
attention = "#8a5200"
attention_tint = "#f8efe2"
vermilion = "#b8321e"

colours = {
    "ink": ink,
    "muted": muted,
    "hairline": hairline,
    "line": line,
    "surface": surface,
    "paper": paper,
    "accent": accent,
    "accent_soft": accent_soft,
    "accent_tint": accent_tint,
    "attention": attention,
    "attention_tint": attention_tint,
}
