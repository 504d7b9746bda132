"""Who comes to an étape: registering, the waiting list, the mails, the door, and what is deleted afterwards."""
