import { enhance } from "./common.js";

enhance();
