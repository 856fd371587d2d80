"""Speed against peers in the same run; nothing here is asserted, everything is printed."""
