"""Input of the dossier's pages."""

from thidua.initiatives.forms.authors import AuthorRow, AuthorSheet, read_shares, shown_share
from thidua.initiatives.forms.benefits import FirstUseForm
from thidua.initiatives.forms.decisions import DecisionForm, FileForm
from thidua.initiatives.forms.fields import MOST_MONEY, DayField, LongField, MoneyField
from thidua.initiatives.forms.parts import (
    PART_NAMES,
    PARTS,
    BehalfForm,
    ContentForm,
    EffectForm,
    IdeaForm,
    PartForm,
    RecognitionForm,
    VisitorForm,
)
from thidua.initiatives.forms.people import PeopleSheet

__all__ = [
    "MOST_MONEY",
    "PARTS",
    "PART_NAMES",
    "AuthorRow",
    "AuthorSheet",
    "BehalfForm",
    "ContentForm",
    "DayField",
    "DecisionForm",
    "EffectForm",
    "FileForm",
    "FirstUseForm",
    "IdeaForm",
    "LongField",
    "MoneyField",
    "PartForm",
    "PeopleSheet",
    "RecognitionForm",
    "VisitorForm",
    "read_shares",
    "shown_share",
]
