"""How each lens moves an argument from a call of one side to a call of the other."""
