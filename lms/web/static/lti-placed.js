// What was chosen goes back to the platform by itself; without this script, by its button.
document.getElementById("placed").submit();
