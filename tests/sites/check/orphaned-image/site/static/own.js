show("spoken.svg");
