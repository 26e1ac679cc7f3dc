"""Bodies (本部, 会議, 委員会, 部会): members by post or person, meetings with papers and minutes, decisions that change things elsewhere."""
