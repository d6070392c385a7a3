"""What tests of this package and of plugins need: contract suites, isolation, whole workspaces.

Shipped. ``generator`` makes a realistic workspace, ``history`` and ``compute`` hold readers and
compute targets to their contracts, ``isolation`` keeps a test's runs and processes to itself.
"""
