"""Vacant houses (空家等) and what the city asks of their owners, under 空家等対策の推進に関する特別措置法."""
