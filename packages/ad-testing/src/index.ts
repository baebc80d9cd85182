export type {} from "fast-check";
