"""Serve the calls with views of the REST framework."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from rest_framework import pagination, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from serializers import AssociationSerializer, OfferingSerializer, ReportSerializer
from zittingen.models import Offering


class Pages(pagination.PageNumberPagination):
    """Pages as the base standard has them."""

    page_size = 10
    max_page_size = 250
    page_query_param = "pageNumber"
    page_size_query_param = "pageSize"

    def get_paginated_response(self, data: Any) -> Response:
        """Give the page."""
        return Response(
            {
                "pageSize": self.page.paginator.per_page,
                "pageNumber": self.page.number,
                "hasPreviousPage": self.page.has_previous(),
                "hasNextPage": self.page.has_next(),
                "totalPages": self.page.paginator.num_pages,
                "items": data,
            }
        )


class OfferingsView(APIView):
    """The collection of sessions."""

    def put(self, request: Request) -> Response:
        """Create or replace a session."""
        serializer = OfferingSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(OfferingSerializer(serializer.save()).data)


class OfferingView(APIView):
    """A session at Toetsafname."""

    def get(self, _request: Request, offering_id: UUID) -> Response:
        """Show it."""
        return Response(OfferingSerializer(get_object_or_404(Offering, pk=offering_id)).data)

    def delete(self, _request: Request, offering_id: UUID) -> Response:
        """Delete it."""
        get_object_or_404(Offering, pk=offering_id).delete()
        return Response(status=200)


class PlannedOfferingView(APIView):
    """A session at Toetsplanning."""

    def get(self, _request: Request, offering_id: UUID) -> Response:
        """Show it."""
        return Response(OfferingSerializer(get_object_or_404(Offering, pk=offering_id)).data)

    @transaction.atomic
    def patch(self, request: Request, offering_id: UUID) -> Response:
        """Take its report."""
        offering = get_object_or_404(Offering.objects.select_for_update(), pk=offering_id)
        serializer = ReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        by_key = {each["consumerKey"]: dict(each) for each in offering.consumers}
        for sent in serializer.validated_data.get("consumers", ()):
            merged = by_key.get(sent["consumerKey"], {}) | sent
            by_key[sent["consumerKey"]] = {name: value for name, value in merged.items() if value is not None}
        offering.consumers = list(by_key.values())
        offering.save()
        return Response(OfferingSerializer(offering).data)


class AssociationsView(APIView):
    """Who takes part in a session."""

    def get(self, request: Request, offering_id: UUID) -> Response:
        """Show a page of them."""
        offering = get_object_or_404(Offering, pk=offering_id)
        pages = Pages()
        page = pages.paginate_queryset(offering.associations.select_related("person").order_by("id"), request)
        context = {"expand": "person" in request.query_params.get("expand", "").split(",")}
        return pages.get_paginated_response(AssociationSerializer(page, many=True, context=context).data)

    @transaction.atomic
    def put(self, request: Request, offering_id: UUID) -> Response:
        """Replace all of them (a list), or add or update one (an object)."""
        offering = get_object_or_404(Offering, pk=offering_id)
        whole = isinstance(request.data, list)
        serializer = AssociationSerializer(data=request.data if whole else [request.data], many=True)
        serializer.is_valid(raise_exception=True)
        ids = [each["association_id"] for each in serializer.validated_data]
        if len(set(ids)) < len(ids):
            raise serializers.ValidationError({"associationId": ["This id stands in the list twice."]})
        if whole:
            offering.associations.all().delete()
        serializer.save(offering=offering)
        return Response({"count": len(ids)})


class ServiceView(APIView):
    """What is served here."""

    def get(self, _request: Request) -> Response:
        """Show whom to contact."""
        return Response(
            {
                "contactEmail": "beheer@example.org",
                "specification": "https://example.org/openapi.json",
                "documentation": "https://example.org/docs",
            }
        )
