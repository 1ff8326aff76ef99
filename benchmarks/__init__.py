"""How fast the product is, measured beside a bare Django view on the same machine in the same run."""
