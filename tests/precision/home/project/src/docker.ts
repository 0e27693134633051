export const image = "nginx";
