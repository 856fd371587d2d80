"""What happened, told by which clause. Rules in `rules`, clauses in `clauses`, their meeting in `find`; fields are filled in `fields`."""
