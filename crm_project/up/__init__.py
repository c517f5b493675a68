"""Brings the whole product up on one machine: `python -m crm_project.up run|dev|services|with-services`.

Reading order: `layout` (where things live), `process` (one child), `postgres` and `valkey` (the embedded services),
`services` (both together, or the reader's own), `steps` (migrate, catalogue, static files, demo), `supervisor` (the
running product). `install` is a script of its own, run by the system's Python before the virtual environment exists.
"""
