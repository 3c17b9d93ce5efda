"""The stored result and what is made from it other than reports."""
