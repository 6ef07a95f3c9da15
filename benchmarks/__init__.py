"""The promises of speed, each against a floor that is measured in the same run. `make bench` runs them all."""
