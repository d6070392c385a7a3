"""What tests of this package and of plugins need: contract suites and isolation. Shipped."""
