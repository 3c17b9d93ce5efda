"""Say which view serves which path: with a slash at the end, as Django has it, or without."""

from __future__ import annotations

from django.conf import settings
from django.urls import path
from views import AssociationsView, OfferingsView, OfferingView, PlannedOfferingView, ServiceView

END = "/" if settings.SLASHED else ""

urlpatterns = [path("ooapi/", ServiceView.as_view())]
if settings.ROLE == "toetsafname":
    urlpatterns += [
        path(f"ooapi/offerings{END}", OfferingsView.as_view()),
        path(f"ooapi/offerings/<uuid:offering_id>{END}", OfferingView.as_view()),
        path(f"ooapi/offerings/<uuid:offering_id>/associations{END}", AssociationsView.as_view()),
    ]
else:
    urlpatterns += [path(f"ooapi/offerings/<uuid:offering_id>{END}", PlannedOfferingView.as_view())]

handler404 = "problems.not_found"
handler500 = "problems.failed"
