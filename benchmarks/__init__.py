"""What Palabre costs, as ratios: each figure is measured beside its floor, in the same run, on the same server."""
