"""Addresses of the office; each topic keeps its own beside its views."""

from thidua.sites.office import (
    accounts,
    adoptions,
    awards,
    cascades,
    declarations,
    difficulties,
    dossiers,
    duties,
    imports,
    papers,
    plans,
    programmes,
    progress,
    reports,
    supports,
    targets,
    todo,
    units,
)

app_name = "office"
urlpatterns = [
    *todo.paths,
    *dossiers.paths,
    *plans.paths,
    *cascades.paths,
    *duties.paths,
    *supports.paths,
    *programmes.paths,
    *targets.paths,
    *progress.paths,
    *declarations.paths,
    *reports.paths,
    *difficulties.paths,
    *awards.paths,
    *adoptions.paths,
    *units.paths,
    *accounts.paths,
    *imports.paths,
    *papers.paths,
]
