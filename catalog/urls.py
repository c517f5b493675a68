"""Addresses of the catalog app."""

from django.urls import URLPattern

from accounts.views.reference import reference_urls
from catalog import views
from catalog.models import ProductFamily
from core.urls import crud_urls

app_name = "catalog"

urlpatterns: list[URLPattern] = [
    *crud_urls("product", views, prefix="products/"),
    *reference_urls(ProductFamily, "families/"),
]
