"""Who gets into the pages of this app."""

from tests.matrix import WITH_ROLE, row

MATRIX = {
    "catalog:product_add": row("manager admin"),
    "catalog:product_delete": row("manager admin", "product"),
    "catalog:product_detail": row(WITH_ROLE, "product"),
    "catalog:product_edit": row("manager admin", "product"),
    "catalog:product_list": row(WITH_ROLE),
    "catalog:productfamily_add": row("manager admin"),
    "catalog:productfamily_delete": row("manager admin", "family"),
    "catalog:productfamily_edit": row("manager admin", "family"),
    "catalog:productfamily_list": row("manager admin"),
}
