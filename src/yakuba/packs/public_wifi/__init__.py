"""Public Wi-Fi sites (公衆無線LAN): where people may connect, and the lines and contracts behind it."""
