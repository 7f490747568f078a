"""What the attacks share: queries made to harm, a server under attack, a crowd, weakened builds."""
