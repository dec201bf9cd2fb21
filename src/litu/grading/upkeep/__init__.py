"""Looking after a class besides grading: students who leave, gradebooks that move, the machine it runs on."""
