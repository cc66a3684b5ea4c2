"""Practising: what one may practise, by what it is about, and how a practice begins. It is taken where quizzes are."""
