<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>局长信箱_云溪市财政局</title>
<link href="css/style.css" rel="stylesheet" type="text/css">
<script language="javascript" src="js/date.js"></script>
</head>
<body bgcolor="#FFFFFF" leftmargin="0" topmargin="0" marginwidth="0">
<center>
<table width="778" border="0" cellspacing="0" cellpadding="0">
<tr><td><img src="images/banner.gif" width="778" height="90" alt="云溪市财政局"></td></tr>
<tr><td height="26" bgcolor="#0066B3" align=center class=nav><a href="index.asp">首页</a> | <a href="list.asp?cid=5">机构设置</a> | <a href="list.asp?cid=1">工作动态</a> | <a href="list.asp?cid=2">通知公告</a> | <a href="list.asp?cid=3">政策法规</a> | <a href="list.asp?cid=4">办事指南</a> | <a href="guestbook.asp">局长信箱</a> | <a href="mailto:czj@yunxi.localhost">联系我们</a></td></tr>
</table>
<form action="guestsave.asp" method=post><table align=center width=500><tr><td>姓名</td><td><input name=xm></td></tr><tr><td>内容</td><td><textarea name=nr rows=6 cols=40></textarea></td></tr><tr><td colspan=2 align=center><input type=submit value="提交"></td></tr></table></form>
<table width="778" border="0" cellspacing="0" cellpadding="0" bgcolor="#E8F1FA">
<tr><td align=center height=70 class=foot>版权所有：云溪市财政局　技术支持：云溪市财政信息中心<br>地址：云溪市临江区财富路9号　电话：0000-8660001　云ICP备00000004号<br>建议使用1024×768分辨率，IE6.0以上浏览器　您是第 <script src="count.asp?id=0"></script> 位访问者</td></tr>
</table>
</center>

<script type="text/javascript" src="http://tongji.kb-stat.invalid/js/kb.js"></script>
</body>
</html>
