import { render } from "preact";
import { logIn } from "./app/login";
import { Shell } from "./app/shell";
import "./app/theme";
import "./style/base.css";
import "./style/layout.css";
import "./style/table.css";

render(<Shell />, document.getElementById("app")!);
void logIn();
