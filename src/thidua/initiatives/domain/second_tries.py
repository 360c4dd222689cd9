"""A second try: what was refused or withdrawn is written anew from what was there; the old dossier stays as it is."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.initiatives import rules
from thidua.initiatives.choices import State
from thidua.initiatives.domain import attachments, dossiers
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Person

# What an old decision said is not taken along.
_OF_THE_OLD = {"claims_recognition", "claimed_decision", "claimed_decided_on"}


def write_anew(initiative: Initiative, *, by: Person) -> Initiative:
    """A draft with the words, authors and files of a dossier that ended; asked again, the draft already begun."""
    rules.may_write_anew(by, initiative).or_refuse(forbidden=True)
    if initiative.state not in rules.WRITTEN_ANEW:
        raise Refused(_("Chỉ viết lại từ hồ sơ không được công nhận hoặc đã rút."))
    with transaction.atomic():
        Initiative.objects.select_for_update().get(pk=initiative.pk)  # two clicks make one draft
        earlier = Initiative.objects.filter(submission_key__startswith=f"lai:{initiative.code}:")
        if begun := earlier.exclude(state=State.WITHDRAWN).order_by("-pk").first():
            return begun
        said = {name: getattr(initiative, name) for name in dossiers.FIELDS - _OF_THE_OLD}
        key = f"lai:{initiative.code}:{earlier.count() + 1}"
        draft = dossiers.start(by, initiative.unit, by=by, submission_key=key, **said)
        _take_along(initiative, draft, by)
        acts.record("initiatives.initiative.written_anew", draft, by=by, after={"of": initiative.code})
    return draft


def _take_along(initiative: Initiative, draft: Initiative, by: Person) -> None:
    authors = [(a.person or a.name, a.share) for a in initiative.authorships.select_related("person")]
    if len(authors) > 1:
        dossiers.share_out(draft, authors, by=by)
    for attachment in initiative.attachments.select_related("file"):
        file = attachment.file
        attachments.attach(
            draft,
            file.stored.read(),
            file.name,
            file.purpose,
            by=by,
            caption=attachment.caption,
            kind=attachment.kind,
        )
